-- Point at the hour on the dial. Part 8 of 10.

clockwork_hands = {}

minetest.register_craftitem("clockwork_hands:hands", {
	description = "Hands",
	inventory_image = "clockwork_hands.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_hands:hands",
	recipe = { { "default:steel_ingot", "clockwork_dial:dial" } },
})

--- The time in words, as the hands show it.
function clockwork_hands.words()
	return string.format("%d:%02d", clockwork_dial.time())
end

minetest.register_chatcommand("time_of_day", {
	description = "Tells the time of the world",
	func = function()
		return true, "It is " .. clockwork_hands.words() .. "."
	end,
})

minetest.log("action", "[clockwork_hands] part 8 of 10")
